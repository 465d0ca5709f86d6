/** The probe sets of a task as the console shows them. */
@NullMarked
package io.millrace.app.probes;

import org.jspecify.annotations.NullMarked;
