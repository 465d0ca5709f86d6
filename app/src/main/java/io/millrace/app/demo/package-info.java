/** The demo: a shipped stream through everything, and on the console what happens. */
package io.millrace.app.demo;
