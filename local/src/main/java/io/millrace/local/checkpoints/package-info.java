/** Looks at checkpoints on disk. */
package io.millrace.local.checkpoints;
