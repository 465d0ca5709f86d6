/** Pre-training from files. */
package io.millrace.local.pretrain;
