/** Pre-training from files. */
package io.millrace.app.pretrain;
