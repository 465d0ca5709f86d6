/** The demo: a shipped stream through everything, and on the screen what happens. */
package io.millrace.app.demo;
