/** Writes examples and probe sets to their topics. */
package io.millrace.app.produce;
