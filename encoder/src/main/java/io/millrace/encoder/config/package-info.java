/** The content of config.json: the architecture, the shape and the head. */
@NullMarked
package io.millrace.encoder.config;

import org.jspecify.annotations.NullMarked;
