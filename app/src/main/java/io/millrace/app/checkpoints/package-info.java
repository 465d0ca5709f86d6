/** Looks at checkpoints on disk. */
package io.millrace.app.checkpoints;
