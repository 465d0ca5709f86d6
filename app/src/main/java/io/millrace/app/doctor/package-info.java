/** Checks of the machine, the configuration and the broker before a service starts on them. */
@NullMarked
package io.millrace.app.doctor;

import org.jspecify.annotations.NullMarked;
