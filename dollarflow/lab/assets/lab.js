// Knobs: a slider and a number that follow each other, and what is turned gathered into one setting.
const REST = 80; // milliseconds
let turns = 0;
window.dash_clientside = Object.assign({}, window.dash_clientside, {
  lab: {
    follow: function (slider, number, frame) {
      const kept = window.dash_clientside.no_update;
      const from = window.dash_clientside.callback_context.triggered_id;
      if (from && from.endsWith("-slider")) {
        const value = Number(slider);
        return [kept, Number.isFinite(value) && value !== number ? value : kept];
      }
      if (typeof number !== "number" || !Number.isFinite(number)) {
        // An empty entry is a knob that is not turned.
        const name = window.dash_clientside.callback_context.outputs_list[0].id.split("-")[0];
        return [frame ? frame.bases[name] : kept, kept];
      }
      return [Number(slider) === number ? kept : number, kept];
    },
    gather: function (frame, ...values) {
      if (!frame) {
        return window.dash_clientside.no_update;
      }
      const knobs = {};
      frame.order.forEach((name, place) => {
        let value = values[place];
        if (Array.isArray(value)) {
          value = value.length ? 1 : 0;
        }
        if (Number.isFinite(value) && value !== frame.bases[name]) {
          knobs[name] = value;
        }
      });
      // A slider that is dragged sends one setting when it rests, not one a step.
      const turn = ++turns;
      const setting = Object.assign({}, frame.setting, { knobs: knobs });
      return new Promise((tell) => {
        window.setTimeout(() => tell(turn === turns ? setting : window.dash_clientside.no_update), REST);
      });
    },
    fold: function () {
      const narrow = window.innerWidth <= 760;
      return window.dash_clientside.callback_context.outputs_list.map(() => !narrow);
    },
    pin: function (pinned, unpinned, setting) {
      const from = window.dash_clientside.callback_context.triggered_id;
      return from === "pin" && setting ? setting : null;
    },
    untouch: function (clicks, frame) {
      const kept = window.dash_clientside.no_update;
      const outputs = window.dash_clientside.callback_context.outputs_list;
      return outputs.map((output) => {
        if (!frame) {
          return kept;
        }
        const [name, part] = output.id.split("-");
        return part === "switch" ? (frame.bases[name] ? ["on"] : []) : frame.bases[name];
      });
    },
  },
});

// The upload entry drops files that are too large or of another kind without a word: say why.
const refused = (files) => {
  const file = files && files[0];
  const button = document.getElementById("upload-button");
  if (!file || !button) {
    return;
  }
  const most = Number(button.dataset.most);
  let message = "";
  if (!file.name.toLowerCase().endsWith(".toml")) {
    message = `${file.name} is no scenario file; choose a .toml file of up to ${most / 1024} KiB`;
  } else if (file.size > most) {
    message = `${file.name} is larger than ${most / 1024} KiB; a scenario file is a few KiB of text`;
  }
  if (message) {
    window.dash_clientside.set_props("file-message", { children: message });
  }
};
document.addEventListener("change", (event) => {
  if (event.target.matches("#upload input[type=file]")) {
    refused(event.target.files);
  }
}, true);
document.addEventListener("drop", (event) => {
  if (event.target.closest("#upload")) {
    refused(event.dataTransfer.files);
  }
}, true);
