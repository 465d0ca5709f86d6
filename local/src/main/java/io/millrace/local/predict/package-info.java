/** Classifies texts with a model. */
package io.millrace.local.predict;
