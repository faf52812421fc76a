// The makes of a page's elements: the same element, with the same classes and states, in the same place of the same
// style sheets. What colours meet in it and how large it is, is told by its make, whatever the words in it.
// Answers with a number for each make that is to be seen, and leaves `window.lookAt(rules, makes)`: asks axe for rules
// of one element of each.
() => {
  const NAME_ALONE = /^(id|for|name|value|href|src|alt|title|content|action|placeholder|headers|datetime|d|points|[xy][12]?|r|c[xy]|width|height|transform|viewBox|data-.*|aria-(label|labelledby|describedby|controls|owns|details|errormessage|valuetext|valuenow))$/;
  const LEFT_OUT = new Set(["SCRIPT", "STYLE", "TEMPLATE"]);
  const first = new Map(); // make → the first element of it
  const make = new Map(); // element → its make
  const hash = (text) => {
    let number = 5381;
    for (let i = 0; i < text.length; i++) number = ((number * 33) ^ text.charCodeAt(i)) | 0;
    return number;
  };
  const hasWords = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "";
  const sheets = [...document.styleSheets].map((sheet) => sheet.href).join("|");
  const walk = (element, above, place) => {
    // What frames a page is the same with each page's own style sheets.
    const told = [element.tagName === "MAIN" ? sheets : "", above, place, element.tagName, [...element.childNodes].some(hasWords)];
    for (const { name, value } of element.attributes) told.push(NAME_ALONE.test(name) ? name : `${name}=${value}`);
    told.push(element.checked ?? "", element.disabled ?? "", element.validity?.valid ?? "");
    const number = hash(told.join("|"));
    if (element.checkVisibility({ visibilityProperty: true })) {
      make.set(element, number);
      if (!first.has(number)) first.set(number, element);
    }
    const kids = [...element.children].filter((child) => !LEFT_OUT.has(child.tagName));
    // Rows are striped by turns; the first and the last often have borders of their own.
    kids.forEach((child, n) => walk(child, number, `${n % 2}${n === 0}${n === kids.length - 1}`));
  };
  walk(document.body, document.documentElement.className, "");
  window.lookAt = (rules, makes) => {
    const asked = new Set(makes);
    const isAsked = (element) => asked.has(make.get(element)) && first.get(make.get(element)) === element;
    const include = [], exclude = [];
    const sort = (element, above) => {
      const here = isAsked(element);
      if (here !== above) (here ? include : exclude).push(element);
      for (const child of element.children) sort(child, here);
    };
    sort(document.body, false);
    return axe.run({ include, exclude }, { runOnly: { type: "rule", values: rules }, resultTypes: ["violations"] });
  };
  return [...first.keys()];
}
