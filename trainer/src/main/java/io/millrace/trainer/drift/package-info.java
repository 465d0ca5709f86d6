/** Watches the stream for drift: one statistic and detector per metric, events grouped into episodes, state in the checkpoint. */
@NullMarked
package io.millrace.trainer.drift;

import org.jspecify.annotations.NullMarked;
