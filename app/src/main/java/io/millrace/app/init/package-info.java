/** Makes a configuration for a file of examples: what is in the file decides the task. */
@NullMarked
package io.millrace.app.init;

import org.jspecify.annotations.NullMarked;
