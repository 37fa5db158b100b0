// Zoom and pan of an SVG by its viewBox: buttons, + - 0 keys, Ctrl+wheel, dragging while zoomed in.

const CLOSEST = 10;

class Zoom {
  constructor(node, width, height) {
    this.node = node;
    this.width = width;
    this.height = height;
    this.reset();
    node.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    node.addEventListener("pointerdown", (event) => this.down(event));
    node.addEventListener("pointermove", (event) => this.move(event));
    this.observer = new ResizeObserver(() => this.apply());
    this.observer.observe(node);
    for (const kind of ["pointerup", "pointercancel"]) node.addEventListener(kind, () => (this.from = null));
  }

  reset() {
    this.factor = 1;
    this.x = 0;
    this.y = 0;
    this.apply();
  }

  // Zoom around a point given in map units; without one, around the middle of what is seen.
  by(ratio, at) {
    const { width, height } = this.box();
    const centre = at ?? { x: this.x + width / 2, y: this.y + height / 2 };
    const factor = clamp(this.factor * ratio, 1, CLOSEST);
    const shrink = this.factor / factor;
    this.x = centre.x - (centre.x - this.x) * shrink;
    this.y = centre.y - (centre.y - this.y) * shrink;
    this.factor = factor;
    this.apply();
  }

  box() {
    return { width: this.width / this.factor, height: this.height / this.factor };
  }

  apply() {
    const { width, height } = this.box();
    this.x = clamp(this.x, 0, this.width - width);
    this.y = clamp(this.y, 0, this.height - height);
    this.node.setAttribute("viewBox", `${this.x} ${this.y} ${width} ${height}`);
    this.node.classList.toggle("ab-zoomed", this.factor > 1);
    if (this.node.clientWidth) setGrain(this.node, this.unit());
  }

  // Brings a point of the map into view, for keyboard users who walk out of it.
  reveal(x, y) {
    const { width, height } = this.box();
    if (x < this.x || x > this.x + width || y < this.y || y > this.y + height) {
      this.x = x - width / 2;
      this.y = y - height / 2;
      this.apply();
    }
  }

  unit() {
    return this.box().width / this.node.getBoundingClientRect().width;
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = this.node.getBoundingClientRect();
    const at = {
      x: this.x + (event.clientX - box.left) * this.unit(),
      y: this.y + (event.clientY - box.top) * this.unit(),
    };
    this.by(event.deltaY < 0 ? 1.25 : 0.8, at);
  }

  down(event) {
    this.dragged = false;
    if (this.factor > 1) this.from = { clientX: event.clientX, clientY: event.clientY, x: this.x, y: this.y };
  }

  move(event) {
    if (!this.from) return;
    const dx = event.clientX - this.from.clientX;
    const dy = event.clientY - this.from.clientY;
    if (Math.hypot(dx, dy) > 4) this.dragged = true;
    this.x = this.from.x - dx * this.unit();
    this.y = this.from.y - dy * this.unit();
    this.apply();
  }
}
