/** Carries one stream through several training methods and says which of their differences are more than chance. */
package io.millrace.compare;
