/** The header's button, which gets the focus when the tour ends. */
export const tourButtonId = 'tour-button';
