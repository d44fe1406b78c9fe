/** What pointers do to the tree: select, drag, cut on the axis, zoom. */
function addGestures(view) {
  const { scroller, explorer, painter } = view;
  const isAxis = (event) => view.position(event).y < axisHeight && view.position(event).x < painter.right + 10;
  let pressed = null;
  scroller.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.offsetX > scroller.clientWidth) return;
    pressed = { ...view.position(event), scrollTop: scroller.scrollTop, onAxis: isAxis(event) };
    if (pressed.onAxis) explorer.setGroups(painter.groups(pressed.x));
  });
  window.addEventListener("pointermove", (event) => {
    if (!pressed || event.pointerType === "touch") return;
    const at = view.position(event);
    if (pressed.onAxis) return explorer.setGroups(painter.groups(at.x));
    if (Math.abs(at.y - pressed.y) > 4) pressed.isDrag = true;
    if (pressed.isDrag) scroller.scrollTop = pressed.scrollTop + pressed.y - at.y;
  });
  window.addEventListener("pointerup", () => setTimeout(() => { pressed = null; }));
  window.addEventListener("pointercancel", () => { pressed = null; });
  scroller.addEventListener("click", (event) => {
    if (pressed?.isDrag || pressed?.onAxis) return;
    const node = view.nodeAt(view.position(event));
    if (node < 0) return;
    if (node === explorer.selected) view.toggle(node);
    explorer.select(node);
  });
  scroller.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || pressed?.isDrag) return;
    scroller.style.cursor = isAxis(event) ? "ew-resize" : "default";
    explorer.hover(view.nodeAt(view.position(event)), event);
  });
  scroller.addEventListener("pointerleave", () => explorer.hover(-1));
  addZoom(view);
}

/** Ctrl and the wheel, or a pinch. */
function addZoom(view) {
  const { scroller } = view;
  scroller.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    view.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.004)), view.position(event).y);
  }, { passive: false });
  let distance = 0;
  const between = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  scroller.addEventListener("touchstart", (event) => {
    if (event.touches.length === 2) distance = between(event.touches);
  }, { passive: true });
  scroller.addEventListener("touchmove", (event) => {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    const now = between(event.touches);
    view.zoom(now / distance, view.position(event.touches[0]).y);
    distance = now;
  }, { passive: false });
}
