/** Everything in one process on an embedded broker; the command line; the demo. */
package io.millrace.app;
