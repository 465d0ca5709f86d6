/** What is minimised: one class a term, each with its formula. */
package io.millrace.trainer.objective;
