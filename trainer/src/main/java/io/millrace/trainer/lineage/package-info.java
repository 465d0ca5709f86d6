/** Where a task resumes, rolls back and is reproduced, and the proof that every accepted example was trained exactly once. */
@NullMarked
package io.millrace.trainer.lineage;

import org.jspecify.annotations.NullMarked;
