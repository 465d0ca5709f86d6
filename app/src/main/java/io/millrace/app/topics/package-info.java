/** The topics of an installation as they are on its broker, against what Millrace needs. */
@NullMarked
package io.millrace.app.topics;

import org.jspecify.annotations.NullMarked;
