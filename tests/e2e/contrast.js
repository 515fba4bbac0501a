// The least contrast between a text that the page shows and what is behind it: 1 cannot be read, 21 is black on white.
() => {
  const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const channels = (color) => { // in whatever color space it was written
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = color;
    pixel.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = pixel.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const linear = (byte) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const texts = [...document.body.querySelectorAll("*")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()) &&
    element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }));

  const canvas = document.createElement("div");
  canvas.style.backgroundColor = "Canvas";
  document.documentElement.append(canvas);
  const paper = getComputedStyle(canvas).backgroundColor;
  canvas.remove();

  const ancestry = (element) => (element ? [element, ...ancestry(element.parentElement)] : []);
  const contrast = (element) => {
    const behind = ancestry(element).map((each) => getComputedStyle(each));
    if (behind.some((style) => style.backgroundImage !== "none")) return 21; // a picture, which nobody here can judge
    const back = behind.map((style) => style.backgroundColor).find((color) => channels(color)[3] > 0.5) ?? paper;
    const [low, high] = [getComputedStyle(element).color, back].map(channels).map(luminance).sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  return Math.min(...texts.map(contrast));
}
