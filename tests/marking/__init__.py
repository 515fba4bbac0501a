"""The marker: turns the suites' checks into verdicts, marks and reports, for any implementation by URL."""
