/** The evaluation section of the configuration. */
package io.millrace.evaluator.config;
