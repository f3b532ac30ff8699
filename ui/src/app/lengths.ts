/** Texts that are too long are said so, beside their field, and not cut: nothing that was typed or pasted goes away. */
import { t } from "../i18n/words.svelte";

/** How long texts may be: what the API takes. */
export const LENGTHS = { title: 500, name: 200, description: 50_000, label: 50, file: 255 };

export function isTooLong(text: string, max: number): boolean {
  return text.length > max && [...text].length > max; // in characters, as the server counts
}

type Field = HTMLInputElement | HTMLTextAreaElement;
let count = 0;

/** Watch a field: a form with a text that is too long is not sent, and the field says why. */
export function atMost(max: number): (field: Field) => () => void {
  return (field) => {
    const told = document.createElement("p");
    told.id = `too-long-${++count}`;
    told.className = "text-danger";
    told.setAttribute("role", "alert");
    const look = () => {
      const words = isTooLong(field.value, max) ? t().common.tooLong([...field.value].length, max) : "";
      field.setCustomValidity(words);
      field.toggleAttribute("aria-invalid", words !== "");
      told.textContent = words;
      if (!words) {
        field.removeAttribute("aria-describedby");
        return told.remove();
      }
      field.setAttribute("aria-describedby", told.id);
      (field.closest("label") ?? field).after(told);
    };
    field.addEventListener("input", look);
    field.form?.addEventListener("submit", () => queueMicrotask(look)); // it is empty by then
    return () => {
      field.removeEventListener("input", look);
      told.remove();
    };
  };
}
