/** The training section of the configuration. */
@NullMarked
package io.millrace.trainer.config;

import org.jspecify.annotations.NullMarked;
