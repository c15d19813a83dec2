// A line to the server by a socket. One that opens and says nothing is as good as none: some networks let a socket
// through and nothing over it.

const FIRST_WORD = 10_000; // who is here is said as soon as a socket is open
const SILENCE = 35_000; // not even a beat, which comes after 25 s
const LARGEST = 65_536;

/** `heard(message)`, `ended({ code, spoke })`: whether it ever said something. Only one `ended`. */
export function bySocket({ url, cursor, heard, ended }) {
  const address = new URL(url, location.href);
  address.protocol = location.protocol.replace("http", "ws");
  address.searchParams.set("after", cursor());
  const socket = new WebSocket(address, "huddle.html.v1");
  let spoke = false, silence = 0, over = false;
  listen();
  socket.onopen = listen;
  socket.onmessage = ({ data }) => {
    spoke = true;
    listen();
    heard(JSON.parse(data));
  };
  socket.onclose = ({ code, reason }) => end(code === 1008 && reason === "unreadable" ? 1011 : code);

  function listen() {
    clearTimeout(silence);
    if (!over) silence = setTimeout(() => end(0), spoke ? SILENCE : FIRST_WORD);
  }

  function end(code) {
    if (over) return;
    drop();
    ended({ code, spoke });
  }

  function drop() {
    over = true;
    clearTimeout(silence);
    socket.onopen = socket.onclose = socket.onmessage = null;
    socket.close();
  }

  return {
    word: "live",
    drop,
    ready: () => socket.readyState === WebSocket.OPEN,
    tell(message) {
      const text = JSON.stringify(message);
      if (new Blob([text]).size > LARGEST) heard(tooLarge(message));
      else if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
  };
}

/** Such a message would end the socket, again and again: the words of the refusal instead. */
export const tooLarge = ({ key }) => ({
  type: "refused", key, code: "too_large",
  message: "This is too long to record as one entry. Write down what matters, then send it again.",
});
