/** The training section of the configuration. */
package io.millrace.trainer.config;
