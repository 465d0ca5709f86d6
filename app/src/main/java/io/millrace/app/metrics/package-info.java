/** The meters of a process, and where it offers them. */
package io.millrace.app.metrics;
