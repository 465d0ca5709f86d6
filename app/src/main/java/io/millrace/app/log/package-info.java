/** What the process logs where. */
package io.millrace.app.log;
