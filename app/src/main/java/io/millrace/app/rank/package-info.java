/** Effective rank of an encoder's representations. */
package io.millrace.app.rank;
