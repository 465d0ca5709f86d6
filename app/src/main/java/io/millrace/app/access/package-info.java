/** The rights that each command needs on a broker with authorization. */
@NullMarked
package io.millrace.app.access;

import org.jspecify.annotations.NullMarked;
