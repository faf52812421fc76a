// A picture as a source of one page.

export function openPicture({ content }) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.addEventListener("load", () => resolve(new Picture(image)));
    image.addEventListener("error", () => reject(new Error("not shown")));
    image.src = content;
  });
}

class Picture {
  constructor(image) {
    this.image = image;
    this.count = 1;
    image.alt = "";
  }

  async size() {
    return { width: this.image.naturalWidth, height: this.image.naturalHeight };
  }

  draw() {
    return { element: this.image, done: Promise.resolve(), stop: () => undefined };
  }
}
