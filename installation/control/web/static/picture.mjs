// The live picture: asks for the next one when the last is drawn, so that a slow network shows fewer, never old ones.

const RETRY_MS = 1000;

export function showPicture(canvas, onFrame) {
  const context = canvas.getContext("2d", { alpha: false });
  let socket = null;

  function connect() {
    socket = new WebSocket(new URL("/operator/picture", location.href.replace(/^http/, "ws")));
    socket.binaryType = "blob";
    socket.addEventListener("open", ask);
    socket.addEventListener("message", async (event) => {
      const bitmap = await createImageBitmap(event.data);
      if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
        canvas.width = bitmap.width;
        canvas.height = bitmap.height;
      }
      context.drawImage(bitmap, 0, 0);
      bitmap.close();
      onFrame();
      requestAnimationFrame(ask); // a page in the background is given no frames, and asks for none
    });
    socket.addEventListener("close", () => setTimeout(connect, RETRY_MS));
  }

  function ask() {
    if (canvas.hidden) setTimeout(ask, RETRY_MS); // the video shows it
    else if (socket.readyState === WebSocket.OPEN) socket.send("next");
  }

  connect();
}
