/** What the process logs where. */
package io.millrace.local.log;
