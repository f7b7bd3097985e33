// What the address says about the last attempt.
const query = new URLSearchParams(location.search);
const answer = document.getElementById("answer");
if (query.has("wrong")) answer.textContent = "That passcode is wrong.";
if (query.has("wait"))
  answer.textContent = `Too many wrong passcodes from this device: try again in ${Math.max(1, Number(query.get("wait")))} s.`;
if (query.has("done")) answer.textContent = "Sent: the wall goes black.";
