// Browsers refuse workers on pages opened from disk. This one runs its script in a hidden frame instead, so that search works there.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      this.onmessage = null;
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.appendChild(this.frame);
      const inside = this.frame.contentWindow;
      inside.document.open();
      inside.document.write("<!doctype html><body></body>");
      inside.document.close();
      inside.postMessage = (data) => this.receive(data);
      inside.importScripts = (...addresses) => {
        inside.loading = addresses.reduce((before, next) => before.then(() => this.script(next)), inside.loading || Promise.resolve());
        return inside.loading;
      };
      this.ready = this.script(address);
    }

    script(address) {
      return new Promise((done, failed) => {
        const element = this.frame.contentDocument.createElement("script");
        element.src = address;
        element.onload = done;
        element.onerror = () => failed(new Error(`cannot load ${address}`));
        this.frame.contentDocument.body.appendChild(element);
      });
    }

    receive(data) {
      const event = new MessageEvent("message", { data });
      if (this.onmessage) this.onmessage(event);
      this.dispatchEvent(event);
    }

    postMessage(data) {
      this.ready.then(() => {
        const inside = this.frame.contentWindow;
        const event = new inside.MessageEvent("message", { data });
        if (inside.onmessage) inside.onmessage(event);
        inside.dispatchEvent(event);
      });
    }

    terminate() {
      this.frame.remove();
    }
  };
}
