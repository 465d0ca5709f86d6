/** The evaluation section of the configuration. */
@NullMarked
package io.millrace.evaluator.config;

import org.jspecify.annotations.NullMarked;
