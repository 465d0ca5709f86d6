/** Work on an encoder alone, with texts from files: pre-training, and the effective rank of its representations. */
package io.millrace.app.pretrain;
