/** Change detectors over a bounded score per example, each with its source and what is known of its false alarms. */
@NullMarked
package io.millrace.trainer.drift.detector;

import org.jspecify.annotations.NullMarked;
