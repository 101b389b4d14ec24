// Everything the page asks of the simulator, and the stream of events it hears from it.

async function ask(path, body) {
  const form = body instanceof FormData;
  const options = body === undefined ? {} : {
    method: "POST",
    body: form ? body : JSON.stringify(body),
    headers: form ? {} : { "Content-Type": "application/json" },
  };
  const answer = await fetch(`/sim/${path}`, options);
  if (!answer.ok) throw new Error(await reasonOf(answer));
  return answer.json();
}

async function reasonOf(answer) {
  const text = await answer.text();
  try {
    const { description, error, message } = JSON.parse(text);
    return String(description ?? error ?? message ?? text);
  } catch {
    return text || `${answer.status} ${answer.statusText}`;
  }
}

export const api = {
  bot: () => ask("bot"),
  chats: () => ask("chats"),
  addChat: (name, type = "private") => ask("chats", { name, type, language_code: "th" }),
  block: (chat, blocked) => ask(`chats/${chat}/block`, { blocked }),
  messages: (chat) => ask(`chats/${chat}/messages`),
  send: (chat, what) => ask(`chats/${chat}/send`, what),
  press: (chat, messageId, data) => ask(`chats/${chat}/press`, { message_id: messageId, data }),
  edit: (chat, messageId, text) => ask(`chats/${chat}/edit`, { message_id: messageId, text }),
  files(chat, files, as, caption) {
    const form = new FormData();
    form.append("as", as);
    if (caption) form.append("caption", caption);
    for (const file of files) form.append("file", file, file.name);
    return ask(`chats/${chat}/files`, form);
  },
};

export const fileAddress = (fileId) => `/sim/file/${encodeURIComponent(fileId)}`;

const PAUSE = 1500;

/** Hears a chat's events until the returned function is called. `onOpen` runs at every (re)connection:
    whatever happened while the line was down has to be fetched there. */
export function listen(chat, { onOpen, onEvent, onDrop }) {
  let source;
  let timer;
  const connect = () => {
    source = new EventSource(`/sim/chats/${chat}/events`);
    source.onopen = onOpen;
    source.onmessage = (event) => onEvent(JSON.parse(event.data));
    source.onerror = () => {
      onDrop();
      // The browser tries again by itself, except after an answer it takes as final.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(connect, PAUSE);
    };
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
