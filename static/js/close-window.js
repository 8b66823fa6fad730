// The end of a sign-in in a window of its own. Browsers close only windows that a page opened.
window.close();
