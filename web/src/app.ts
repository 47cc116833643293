document.querySelector("#app")!.textContent = "庐陵";
