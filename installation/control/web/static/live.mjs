// The picture by WebRTC, at full rate, from the output `webrtc`; without it, or while it is lost, the canvas shows it.

const RETRY_MS = 3000;

export class LivePicture {
  constructor(video, onChange) {
    this.video = video;
    this.onChange = onChange; // called with true while the video plays
    this.peer = null;
    this.wanted = false;
    video.addEventListener("playing", () => onChange(true));
  }

  // Connect as soon as the output runs, and again when it was restarted.
  want(wanted) {
    this.wanted = wanted;
    if (wanted && !this.peer) this.connect();
  }

  async connect() {
    const peer = new RTCPeerConnection();
    this.peer = peer;
    peer.addTransceiver("video", { direction: "recvonly" });
    peer.addEventListener("track", ({ track }) => {
      this.video.srcObject = new MediaStream([track]);
      this.video.play().catch(() => {}); // lost meanwhile: it is tried again
    });
    peer.addEventListener("connectionstatechange", () => {
      if (["failed", "disconnected", "closed"].includes(peer.connectionState)) this.lose(peer);
    });
    try {
      await peer.setLocalDescription(await peer.createOffer());
      await gathered(peer);
      const reply = await fetch("/webrtc", { method: "POST", body: peer.localDescription.sdp });
      if (!reply.ok) throw new Error(await reply.text());
      await peer.setRemoteDescription({ type: "answer", sdp: await reply.text() });
    } catch {
      this.lose(peer);
    }
  }

  lose(peer) {
    if (this.peer !== peer) return;
    peer.close();
    this.onChange(false);
    setTimeout(() => {
      this.peer = null;
      this.want(this.wanted);
    }, RETRY_MS);
  }
}

function gathered(peer) {
  return new Promise((done) => {
    if (peer.iceGatheringState === "complete") done();
    peer.addEventListener("icegatheringstatechange", () => peer.iceGatheringState === "complete" && done());
  });
}
