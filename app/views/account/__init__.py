"""The account page: where notices leave, who is signed in, and what that allows."""
