/** What config.json says: the architecture, the shape and the head. */
@NullMarked
package io.millrace.encoder.config;

import org.jspecify.annotations.NullMarked;
