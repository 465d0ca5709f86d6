/** Classifies texts with a model. */
@NullMarked
package io.millrace.app.predict;

import org.jspecify.annotations.NullMarked;
