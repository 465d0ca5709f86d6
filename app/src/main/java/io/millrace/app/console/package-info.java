/** Progress and tables on the terminal. */
package io.millrace.app.console;
