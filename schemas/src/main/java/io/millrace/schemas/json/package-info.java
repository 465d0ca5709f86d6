/** One JSON mapper, strict about what it reads. */
@NullMarked
package io.millrace.schemas.json;

import org.jspecify.annotations.NullMarked;
