/** Pre-training of an encoder on unlabelled texts, with the learner of the trainer service. */
@NullMarked
package io.millrace.trainer.pretrain;

import org.jspecify.annotations.NullMarked;
