/** Pre-training of an encoder on unlabelled texts, with the learner of the trainer service. */
package io.millrace.trainer.pretrain;
