/** Work on an encoder alone, with texts from files: pre-training, and the effective rank of its representations. */
@NullMarked
package io.millrace.app.pretrain;

import org.jspecify.annotations.NullMarked;
