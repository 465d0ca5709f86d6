/** Text from outside, cut and cleaned for messages and logs. */
@NullMarked
package io.millrace.schemas.text;

import org.jspecify.annotations.NullMarked;
