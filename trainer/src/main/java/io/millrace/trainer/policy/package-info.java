/** How training answers verdicts and drift, and how often it has done so. */
@NullMarked
package io.millrace.trainer.policy;

import org.jspecify.annotations.NullMarked;
