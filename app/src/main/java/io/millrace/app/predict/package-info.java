/** Classifies texts with a model. */
package io.millrace.app.predict;
